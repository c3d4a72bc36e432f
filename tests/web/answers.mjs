// What the module says to a question: a body as text, bytes (base64) or an object, or the axes of a quote.  Options that are
// "again" are those of the question before.
export function answerer({ Engine, InvalidRequestError, RateCardError }) {
  const engines = new Map();

  function engineFor(options) {
    const key = JSON.stringify(options);
    if (engines.size > 50) engines.clear();
    if (!engines.has(key)) engines.set(key, new Engine(options));
    return engines.get(key);
  }

  function said(report) {
    const error = report.gatewayError();
    return [report.toText(), report.in("zh").toText(), report.payloadText(), error && error.error.code];
  }

  function priced(engine, axes) {
    try {
      return engine.quote(axes);
    } catch (error) {
      if (error instanceof InvalidRequestError) return error.report.errors;
      throw error;
    }
  }

  let engine;
  return ({ text, bytes, object, axes, options = {} }) => {
    try {
      if (options !== "again") engine = engineFor(options);
    } catch (error) {
      if (error instanceof RateCardError || error instanceof RangeError) return `${error.name}: ${error.message}`;
      throw error;
    }
    if (axes) return priced(engine, axes);
    if (object !== undefined) return [JSON.stringify(object), ...said(engine.preflight(object))];
    return said(engine.preflight(text ?? Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))));
  };
}
