# SPDX-License-Identifier: Apache-2.0
# `cmake --install`, and `cpack -G DEB`: twindow_<version>_<architecture>.deb in the build folder.
# What is packed besides the program, and the package's scripts, are in packaging/.
include(GNUInstallDirs)
install(TARGETS twindow RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME twindow)
set(CPACK_PACKAGE_CONTACT "the Twindow authors <twindow@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "stand-in for Twilio that knows WhatsApp's 24-hour window")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Twindow is Twilio's Messages API on your own machine, for people who send
WhatsApp messages and want to test what happens when they may not: the 24-hour
customer service window is real state, and the clock can be moved.
.
The service is neither enabled nor started: systemctl enable --now twindow")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${packaging}/conffiles ${packaging}/postinst ${packaging}/postrm ${packaging}/prerm)

# What Debian's policy asks for and no other installation has: laid out as in the package.
set(tree ${PROJECT_BINARY_DIR}/packaging)
set(modes FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${packaging}/changelog.in ${tree}/usr/share/doc/twindow/changelog @ONLY ${modes})
file(COPY ${packaging}/copyright DESTINATION ${tree}/usr/share/doc/twindow ${modes})
file(COPY ${packaging}/twindow.1 DESTINATION ${tree}/usr/share/man/man1 ${modes})
file(COPY ${packaging}/twindow.json DESTINATION ${tree}/etc/twindow ${modes})
file(COPY ${packaging}/twindow.service DESTINATION ${tree}/lib/systemd/system ${modes})
execute_process(COMMAND gzip -9nf usr/share/doc/twindow/changelog usr/share/man/man1/twindow.1
  WORKING_DIRECTORY ${tree} COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_INSTALLED_DIRECTORIES ${tree} /)

include(CPack)
