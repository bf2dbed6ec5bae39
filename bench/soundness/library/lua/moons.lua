print(_VERSION .. ": 3 moons")
