console.log(`Node counts ${['Io', 'Europa', 'Titan'].length} moons`);
