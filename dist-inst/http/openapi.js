import { z } from 'zod';
import { scopes } from '../contracts/api.js';
import { errorTable } from '../core/errors.js';
import { routes } from './routes.js';
import { answers, bodies } from './schemas.js';
/** The OpenAPI 3.1 description of the desk's API, made from the route table and the schemas. */
export function openApiDocument() {
    const paths = {};
    for (const route of routes)
        paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
    return {
        openapi: '3.1.0',
        info: {
            title: 'bhor',
            version: '1',
            description: 'Live, guarded broker sessions for the programs of one household.',
        },
        paths,
        components: {
            schemas: Object.fromEntries(Object.entries({ ...answers, ...bodies }).map(([name, schema]) => [name, jsonSchema(schema)])),
            securitySchemes: {
                clientKey: {
                    type: 'http',
                    scheme: 'bearer',
                    description: `A client key; its scopes are out of ${scopes.join(', ')}.`,
                },
            },
        },
    };
}
function operation(route) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const content = (schema, type = 'application/json') => ({ content: { [type]: { schema } } });
    const answer = route.contentType ? { type: 'string' } : route.answer && reference(route.answer);
    return {
        summary: route.summary,
        description: `Right: ${route.scope}.`,
        ...(route.scope === 'anyone' ? {} : { security: [{ clientKey: [] }] }),
        parameters: [
            ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
            ...(route.query ?? []).map((name) => ({
                name,
                in: 'query',
                required: false,
                schema: { type: 'string' },
            })),
        ],
        ...(route.body && route.body !== 'Nothing'
            ? { requestBody: { required: true, ...content(reference(route.body)) } }
            : {}),
        responses: {
            [String(answer ? (route.status ?? 200) : 204)]: answer
                ? {
                    description: 'Done.',
                    ...content(route.isList ? { type: 'array', items: answer } : answer, route.contentType),
                }
                : { description: 'Done.' },
            default: {
                description: `A problem; its code is one of ${Object.keys(errorTable).length}.`,
                ...content(reference('Problem'), 'application/problem+json'),
            },
        },
    };
}
function reference(name) {
    return { $ref: `#/components/schemas/${name}` };
}
function jsonSchema(schema) {
    const { $schema: _, ...rest } = z.toJSONSchema(schema);
    return rest;
}
