print('Python counts', len(['Io', 'Europa', 'Titan']), 'moons')
