# nicteam_room(NAME SOURCES … USES …): one room of the house, a static library that uses only rooms below it.
function(nicteam_room name)
  cmake_parse_arguments(room "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(nicteam_${name} STATIC ${room_SOURCES})
  add_library(nicteam::${name} ALIAS nicteam_${name})
  set_property(GLOBAL APPEND PROPERTY nicteam_targets nicteam_${name})
  target_include_directories(nicteam_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/models)
  target_compile_features(nicteam_${name} PUBLIC cxx_std_17)
  list(TRANSFORM room_USES PREPEND nicteam::)
  target_link_libraries(nicteam_${name} PUBLIC ${room_USES} ${room_LIBRARIES} PRIVATE $<BUILD_INTERFACE:nicteam_warnings>)
endfunction()

# nicteam_test(NAME SOURCES … USES …): one Catch2 program; every TEST_CASE runs in a process of its own.
function(nicteam_test name)
  cmake_parse_arguments(test "" "TIMEOUT" "SOURCES;USES;LIBRARIES" ${ARGN})
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT 120)
  endif()
  add_executable(${name} ${test_SOURCES})
  list(TRANSFORM test_USES PREPEND nicteam::)
  target_link_libraries(${name} PRIVATE ${test_USES} ${test_LIBRARIES} nicteam_test_main nicteam_warnings)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/models ${PROJECT_SOURCE_DIR}/tb ${PROJECT_BINARY_DIR}/tb)
  target_compile_options(${name} PRIVATE ${nicteam_test_options})
  catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES TIMEOUT ${test_TIMEOUT}
    SKIP_REGULAR_EXPRESSION "skipped: [-_a-z0-9 ]+ not installed"     # what a test says that lacks its judge
    ENVIRONMENT "SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1")
endfunction()

# Python for tests whose judges are packages of the distribution (scapy, scipy, selenium …): the distribution's own is asked before any other that stands in front of it in the
# path. NICTEAM_JUDGES_PYTHON is it.
macro(nicteam_judges_python)
  find_program(NICTEAM_JUDGES_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  if(NOT NICTEAM_JUDGES_PYTHON)
    find_package(Python3 COMPONENTS Interpreter REQUIRED)
    set(NICTEAM_JUDGES_PYTHON ${Python3_EXECUTABLE})
  endif()
endmacro()
