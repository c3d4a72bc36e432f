export type Json = null | boolean | number | bigint | string | Json[] | {
    [key: string]: Json;
};
export type Level = "error" | "warning" | "note";
export type Certainty = "documented" | "inferred" | "unspecified";
export type Finding = {
    rule: string;
    level: Level;
    certainty: Certainty;
    code: number | null;
    field: string | null;
    pointer: string;
    related: string[];
    message: string;
    hint: string | null;
    patch: {
        [key: string]: Json;
    } | null;
    value: string | number | bigint | boolean | null;
    params: {
        [key: string]: Json;
    };
};
export type Dimensions = {
    width: number | bigint | null;
    height: number | bigint | null;
    certainty: Certainty | null;
    reason: "server_picks" | "mirrors_reference" | "not_a_dimension" | "not_published" | null;
};
export type CardId = {
    id: string;
    effective_from: string;
    checked_on: string;
};
export type Quote = {
    basis: "exact" | "bounded" | "unknown";
    certainty: Certainty;
    credits: number | bigint | null;
    credits_low: number | bigint | null;
    usd: string | null;
    per_image_usd: string | null;
    n: number | bigint | null;
    cell: string | null;
    reason: "size_mirrors_reference" | "pixel_size" | "uncertain_default" | "unknown_value" | "not_published" | "no_rate" | "no_rules" | null;
    missing: string[];
    float_sensitive: boolean;
    rate_card: CardId | null;
};
export type Mode = "text_to_image" | "image_to_image" | "inpainting";
export type ReportJson = {
    ok: boolean;
    model: string | null;
    mode: Mode | null;
    errors: Finding[];
    warnings: Finding[];
    effective: {
        [key: string]: Json;
    } | null;
    dimensions: Dimensions | null;
    quote: Quote | null;
};
export type Options = {
    rates?: unknown;
    asOf?: string | null;
    defaultModel?: string | null;
    unknownFields?: "warn" | "ignore" | "error";
    language?: string;
};
export type Axes = {
    model?: string | null;
    size?: string | null;
    resolution?: string | null;
    quality?: string | null;
    n?: number | bigint | null;
    hasImages?: boolean;
};
export type StandardSchema = {
    readonly "~standard": {
        readonly version: 1;
        readonly vendor: string;
        readonly validate: (value: unknown) => {
            value: {
                [key: string]: Json;
            };
            issues?: undefined;
        } | {
            issues: {
                message: string;
                path: (string | number)[];
            }[];
        };
        readonly types?: {
            readonly input: unknown;
            readonly output: {
                [key: string]: Json;
            };
        };
    };
};
/** A rate card that can't be used; the message says what is wrong. */
export declare class RateCardError extends Error {
    /**
     *
     * @param {string} message
     */
    constructor(message: string);
}
/** Everything about one request. Its values are worked out when you read them, as a new copy each time. */
export declare class Report {
    #private;
    /** @private */
    private constructor();
    /**
     * Whether reAPI would accept the request.
     * @returns {boolean}
     */
    get ok(): boolean;
    /**
     * The model whose rules were applied, or the id that has no rules here.
     * @returns {string | null}
     */
    get model(): string | null;
    /**
     * Whether an image is made from text, from references or by repainting one; null with an error.
     * @returns {Mode | null}
     */
    get mode(): Mode | null;
    /**
     * Why reAPI would reject the request: every error at once, in documented order.
     * @returns {Finding[]}
     */
    get errors(): Finding[];
    /**
     * What is accepted but costs money, loses something, is probably a mistake or is just worth knowing.
     * @returns {Finding[]}
     */
    get warnings(): Finding[];
    /**
     * The fields that the gateway will use, with the defaults that are certain.
     * @returns {ReportJson["effective"]}
     */
    get effective(): ReportJson["effective"];
    /**
     * Width and height of the image, or why they are unknown; null with an error.
     * @returns {Dimensions | null}
     */
    get dimensions(): Dimensions | null;
    /**
     * What it costs, to the credit; null with an error.
     * @returns {Quote | null}
     */
    get quote(): Quote | null;
    /**
     * The same report in another language: "en" or "zh"; a tag such as "zh-CN" counts as its language.
     * @param {string} language
     * @returns {Report}
     */
    in(language: string): Report;
    /**
     * The body to send: without nulls, with words and numbers in their standard spelling; null with an error.
     * @returns {{[key: string]: Json} | null}
     */
    payload(): {
        [key: string]: Json;
    } | null;
    /**
     * The same as JSON text, with integers as they were written.
     * @returns {string | null}
     */
    payloadText(): string | null;
    /**
     * What reAPI would answer for the first error that has a code; null if there is none.
     * @param {string | null} [requestId]
     */
    gatewayError(requestId?: string | null): {
        error: {
            code: number | null;
            message: string;
            request_id: string | null;
        };
    } | null;
    /**
     * The report as JSON text, byte for byte as Python writes it.
     * @returns {string}
     */
    toText(): string;
    /**
     * The report as plain values, for JSON.stringify; it refuses an integer beyond 2^53, which `toText` writes.
     * @returns {ReportJson}
     */
    toJSON(): ReportJson;
}
/** A request that reAPI would reject; `report` says why. */
export declare class InvalidRequestError extends Error {
    report: Report;
    /**
     *
     * @param {Report} report
     */
    constructor(report: Report);
}
/**
 * Judges and prices requests, with a rate card, a default model and a view on unknown fields. It is a Standard Schema, too:
 * its output is the payload.
 * @implements {StandardSchema}
 */
export declare class Engine implements StandardSchema {
    #private;
    /**
     *
     * @param {Options} [options]
     */
    constructor({ rates, asOf, defaultModel, unknownFields, language, ...others }?: Options);
    /**
     * Whether reAPI will take a request body, what is wrong with it, which pixels it gives and what it costs.
     *
     * The body is JSON as text or bytes, whose numbers count as they are written; anything else is judged as what
     * JSON.stringify makes of it. Whatever it is, a report comes back.
     * @param {unknown} body
     * @returns {Report}
     */
    preflight(body: unknown): Report;
    /**
     * What a request with these axes costs, without a prompt. Throws InvalidRequestError where reAPI would reject them.
     * @param {Axes} [axes]
     * @returns {Quote}
     */
    quote({ model, size, resolution, quality, n, hasImages, ...others }?: Axes): Quote;
    /**
     *
     * @returns {StandardSchema["~standard"]}
     */
    get "~standard"(): StandardSchema["~standard"];
}
/**
 * Whether reAPI will take a request body, what is wrong with it, which pixels it gives and what it costs.
 * @param {unknown} body JSON as text or bytes; anything else is judged as what JSON.stringify makes of it
 * @param {Options} [options]
 * @returns {Report}
 */
export declare function preflight(body: unknown, options?: Options): Report;
/**
 * What a request with these axes costs, without a prompt. Throws InvalidRequestError where reAPI would reject them.
 * @param {Axes} [axes]
 * @param {Options} [options]
 * @returns {Quote}
 */
export declare function quote(axes?: Axes, options?: Options): Quote;
