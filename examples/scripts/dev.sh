cmake --preset dev && cmake --build --preset dev && ctest --preset dev
