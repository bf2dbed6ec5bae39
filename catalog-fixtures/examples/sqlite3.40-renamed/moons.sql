-- The larger moons of three planets, counted and compared.
CREATE TABLE moon (name TEXT PRIMARY KEY, planet TEXT NOT NULL, diameter_km INTEGER NOT NULL);

INSERT INTO moon VALUES
  ('Moon', 'Earth', 3475),
  ('Io', 'Jupiter', 3643),
  ('Europa', 'Jupiter', 3122),
  ('Ganymede', 'Jupiter', 5268),
  ('Callisto', 'Jupiter', 4821),
  ('Titan', 'Saturn', 5150),
  ('Rhea', 'Saturn', 1527);

SELECT planet, count(*), max(diameter_km) FROM moon GROUP BY planet ORDER BY planet;
