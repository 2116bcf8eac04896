import { z } from 'zod'
import { scopes } from '../contracts/api.ts'
import { errorTable } from '../core/errors.ts'
import { allRoutes, type ListedRoute } from './routes/all.ts'
import { schemas } from './schemas.ts'

/** The OpenAPI 3.1 description of the desk's API, made from the route table and the schemas. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of allRoutes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'bhor',
      version: '1',
      description: 'Live, guarded broker sessions for the programs of one household.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)]),
      ),
      securitySchemes: {
        clientKey: {
          type: 'http',
          scheme: 'bearer',
          description: `A client key; its scopes are out of ${scopes.join(', ')}.`,
        },
      },
    },
  }
}

function operation(route: ListedRoute): Record<string, unknown> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  const content = (schema: unknown, type = 'application/json') => ({ content: { [type]: { schema } } })
  const answer = route.stream
    ? reference(route.stream)
    : route.contentType
      ? { type: 'string' }
      : route.answer && schemaOf(route.answer)
  return {
    summary: route.summary,
    description: `Right: ${route.right}.`,
    ...(route.right === 'anyone' ? {} : { security: [{ clientKey: [] }] }),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(route.query ?? {}).map(([name, description]) => ({
        name,
        in: 'query',
        description,
        required: false,
        schema: { type: 'string' },
      })),
    ],
    ...(route.body ? { requestBody: { required: true, ...content(reference(route.body)) } } : {}),
    responses: {
      [String(answer ? (route.status ?? 200) : 204)]: answer
        ? {
            description: 'Done.',
            ...content(answer, route.contentType),
          }
        : { description: 'Done.' },
      default: {
        description: `A problem; its code is one of ${Object.keys(errorTable).length}.`,
        ...(route.failure
          ? content(reference(route.failure.schema))
          : content(reference('Problem'), 'application/problem+json')),
      },
    },
  }
}

/** `Thing[]` is a list of them. */
function schemaOf(name: string): object {
  return name.endsWith('[]') ? { type: 'array', items: reference(name.slice(0, -2)) } : reference(name)
}

function reference(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}

function jsonSchema(schema: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema) as Record<string, unknown>
  return rest
}
