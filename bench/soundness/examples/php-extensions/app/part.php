<?php return 'part';
