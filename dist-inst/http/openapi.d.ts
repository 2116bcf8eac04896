/** The OpenAPI 3.1 description of the desk's API, made from the route table and the schemas. */
export declare function openApiDocument(): Record<string, unknown>;
