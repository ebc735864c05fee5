// The charts of a sweep's page.
"use strict";
{
  const points = new columns_of_points(data.points), gridded = data.method === "grid", listed = ["zip", "list"].includes(data.method);
  start({
    families: f => (gridded || listed ? families(f, points, gridded) : scattered(f, points)),
    heat: f => heat_map(f, points),
    limits: f => limits(f, points, gridded),
    front: f => front(f, points),
    tornado: f => tornado(f, points),
    parallel: f => parallel(f, points),
  });
}
