# Writes the names of all functions that the public headers declare, one a line.
# Called by cmake/library.cmake with FOLDER (of the headers) and OUTPUT.
cmake_minimum_required(VERSION 3.25)

# CMake's regular expressions are greedy: the two ends of a comment become one character each, which
# an expression can exclude.
string(ASCII 1 open)
string(ASCII 2 close)

set(names "")
file(GLOB headers "${FOLDER}/*.h")
foreach(header IN LISTS headers)
    file(READ "${header}" text)
    string(REPLACE ";" " " text "${text}")
    string(REPLACE "/*" "${open}" text "${text}")
    string(REPLACE "*/" "${close}" text "${text}")
    # Comments mention functions too, of other headers even; inline ones are in no library.
    string(REGEX REPLACE "${open}[^${close}]*${close}" "" text "${text}")
    string(REGEX REPLACE "static inline [^(]*\\(" "" text "${text}")
    string(REGEX MATCHALL "hutch_[a-z0-9_]+\\(" found "${text}")
    list(APPEND names ${found})
endforeach()
list(TRANSFORM names REPLACE "\\($" "")
list(REMOVE_DUPLICATES names)
list(SORT names)
if(NOT names)
    message(FATAL_ERROR "No function is declared in ${FOLDER}")
endif()
list(JOIN names "\n" lines)
file(WRITE "${OUTPUT}" "${lines}\n")
