<?php echo 'PHP counts ', count(['Io', 'Europa', 'Titan']), " moons\n";
