build/fuzz/fuzz/fuzz_frames FILE
build/fuzz/fuzz/fuzz_frames -minimize_crash=1 -max_total_time=60 FILE
