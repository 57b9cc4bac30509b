# Writes icons.qrc with the icons of names.txt from the installed Breeze theme, light and dark, as two icon themes that
# Qt finds under :/icons. Nothing of Breeze is copied into the source tree.
set(ROOST_BREEZE_FOLDER "/usr/share/icons" CACHE PATH "Holds the icon themes breeze and breeze-dark")

function(roost_icons target)
    set(list ${PROJECT_SOURCE_DIR}/resources/icons/names.txt)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
    file(STRINGS ${list} names)
    set(lines "")
    foreach(scheme light dark)
        set(source ${ROOST_BREEZE_FOLDER}/breeze)
        if(scheme STREQUAL dark)
            set(source ${ROOST_BREEZE_FOLDER}/breeze-dark)
        endif()
        set(index ${CMAKE_CURRENT_BINARY_DIR}/icons/${scheme}.theme)
        file(CONFIGURE OUTPUT ${index} CONTENT
"[Icon Theme]
Name=roost-${scheme}
Comment=Breeze icons
Directories=16

[16]
Size=16
Type=Scalable
MinSize=8
MaxSize=256
")
        string(APPEND lines "    <file alias=\"roost-${scheme}/index.theme\">${index}</file>\n")
        foreach(name ${names})
            string(REGEX REPLACE "^([a-z]+)/(.*)$" "\\1/16/\\2.svg" path ${name})
            # Many icons are links to others; rcc packs what they point to.
            get_filename_component(real ${source}/${path} REALPATH)
            if(NOT EXISTS ${real})
                message(FATAL_ERROR "The Breeze icon ${source}/${path} is missing: install breeze-icon-theme.")
            endif()
            get_filename_component(base ${name} NAME)
            string(APPEND lines "    <file alias=\"roost-${scheme}/16/${base}.svg\">${real}</file>\n")
        endforeach()
    endforeach()
    string(APPEND lines "    <file alias=\"roost.svg\">${PROJECT_SOURCE_DIR}/resources/icons/roost.svg</file>\n")
    set(qrc ${CMAKE_CURRENT_BINARY_DIR}/icons.qrc)
    file(CONFIGURE OUTPUT ${qrc} CONTENT "<RCC>\n  <qresource prefix=\"/icons\">\n${lines}  </qresource>\n</RCC>\n" @ONLY)
    target_sources(${target} PRIVATE ${qrc})
endfunction()
