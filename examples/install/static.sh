library=$(pkg-config --variable=libdir hutch)/libhutch.a
cc hello.c $(pkg-config --cflags hutch) "$library" -lm -pthread -o hello
