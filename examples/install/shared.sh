library=$(pkg-config --variable=libdir hutch)
cc hello.c $(pkg-config --cflags --libs hutch) -Wl,-rpath,"$library" -o hello
