print("mondo")
