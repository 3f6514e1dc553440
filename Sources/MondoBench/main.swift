print("mondo-bench")
