// What choices.json says of one choice: {size, resolution, quality, n}. No page here, so it runs anywhere.

export function modelOf(choices, id) {
  return choices.models.find((model) => model.id === id);
}

// Credits in whole numbers: no price is a fraction, and the ceiling is taken once. Null where a price is not known.
export function credits(choices, model, choice) {
  const { cell, cells, bills_as } = model.price;
  const quality = bills_as.quality[choice.quality] ?? choice.quality;
  const dearest = bills_as.size[choice.size]?.[choice.resolution];
  const billed = { ...choice, quality, size: dearest ? dearest[quality ?? ""] : choice.size };
  const price = cells[cell.replace(/\{(\w+)\}/g, (_, axis) => billed[axis])];
  if (price == null) return null;
  const units = price * choice.n;
  const rest = units % choices.units_per_credit;
  return (units - rest) / choices.units_per_credit + (rest > 0 ? 1 : 0);
}

export function pixels(model, choice) {
  return model.pixels[choice.resolution]?.[choice.size] ?? null;
}

// The size to show when the resolution was chosen last and does not take the present one.
export function sizeAt(model, resolution, size) {
  return model.sizes_at[resolution].includes(size) ? size : model.reset[resolution][size].size;
}
