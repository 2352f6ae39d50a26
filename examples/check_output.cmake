# Run COMMAND, with the folder PROGRAMS first on the PATH, and compare all that it prints with the
# file EXPECTED, byte for byte.
set(ENV{PATH} "${PROGRAMS}:$ENV{PATH}")
execute_process(COMMAND ${COMMAND} WORKING_DIRECTORY "${FOLDER}" OUTPUT_VARIABLE printed
                ERROR_VARIABLE printed RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "${COMMAND} ended with ${status}:\n${printed}")
endif()
file(READ "${EXPECTED}" expected)
if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "${COMMAND} printed\n${printed}\nexpected\n${expected}")
endif()
