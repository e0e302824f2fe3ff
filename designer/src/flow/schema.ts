/** A JSON Schema, as far as forms and completion read it. */
export interface Schema {
  type?: string
  description?: string
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  minimum?: number
  maximum?: number
  $ref?: string
  definitions?: Record<string, Schema>
}

/** A definition of the flow schema with its references one level resolved; alternatives are joined into one set of properties. */
export function schemaOf(root: Schema, definition: string): Schema | null {
  const found = root.definitions?.[definition]
  if (!found) return null
  if (!found.anyOf) return deref(root, found)
  const properties: Record<string, Schema> = {}
  for (const option of found.anyOf) Object.assign(properties, deref(root, option).properties)
  return { type: 'object', properties }
}

export function deref(root: Schema, schema: Schema): Schema {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/definitions/', '')
    return { ...deref(root, root.definitions?.[name] ?? {}), $ref: name }
  }
  if (!schema.properties) return schema
  return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties).map(([key, child]) => [key, child.$ref ? { ...(root.definitions?.[child.$ref.replace('#/definitions/', '')] ?? {}), $ref: child.$ref.replace('#/definitions/', '') } : child])) }
}
