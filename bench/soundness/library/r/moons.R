print("R has 3 moons")
