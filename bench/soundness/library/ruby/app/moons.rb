puts "Ruby counts #{%w[Io Europa Titan].size} moons"
