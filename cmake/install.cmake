# cmake --install: the command with its scenarios, and the rooms as a package: find_package(nicteam), target nicteam::nic …
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/nicteam)
get_property(rooms GLOBAL PROPERTY nicteam_targets)
foreach(target ${rooms})
  string(REPLACE nicteam_ "" room ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${room})
endforeach()
install(TARGETS ${rooms} EXPORT nicteam ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT nicteam FILE nicteamTargets.cmake NAMESPACE nicteam:: DESTINATION ${package})
install(DIRECTORY include/nicteam DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

configure_package_config_file(cmake/nicteamConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/nicteamConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/nicteamConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/nicteamConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/nicteamConfigVersion.cmake
  cmake/FindSystemC.cmake cmake/FindCryptoPP.cmake DESTINATION ${package})

if(TARGET nicteam)
  install(TARGETS nicteam RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/nicteam)
  install(FILES README.md CHANGELOG.md LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
  install(DIRECTORY third_party DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "LICENSE*" PATTERN "NOTICE" PATTERN "README.md")
  install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})

  # What the command says of itself: the schema for editors, completion for shells.
  function(nicteam_says file folder)
    list(JOIN ARGN " " words)
    install(CODE "
      execute_process(COMMAND \"$<TARGET_FILE:nicteam>\" ${words} OUTPUT_FILE \"${CMAKE_CURRENT_BINARY_DIR}/${file}\" COMMAND_ERROR_IS_FATAL ANY)")
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
  endfunction()
  nicteam_says(scenario.schema.json nicteam schema)
  nicteam_says(nicteam bash-completion/completions completion bash)
  nicteam_says(_nicteam zsh/site-functions completion zsh)
  nicteam_says(nicteam.fish fish/vendor_completions.d completion fish)
endif()
