# Crypto++ has no CMake package; Debian's libcrypto++-dev brings a pkg-config file.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(CRYPTOPP QUIET IMPORTED_TARGET libcrypto++)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CryptoPP REQUIRED_VARS CRYPTOPP_FOUND VERSION_VAR CRYPTOPP_VERSION
  REASON_FAILURE_MESSAGE "needed: libcrypto++ 8 (Debian: libcrypto++-dev pkg-config)")
if(CryptoPP_FOUND AND NOT TARGET CryptoPP::CryptoPP)
  add_library(CryptoPP::CryptoPP INTERFACE IMPORTED)
  target_link_libraries(CryptoPP::CryptoPP INTERFACE PkgConfig::CRYPTOPP)
endif()
