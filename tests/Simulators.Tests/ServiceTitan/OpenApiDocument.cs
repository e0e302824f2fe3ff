using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

/// <summary>As much of OpenAPI as the vendor's documents use to describe answers.</summary>
public sealed class OpenApiDocument(JsonElement root)
{
    public static OpenApiDocument Load(string path) => new(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement);

    /// <summary>What is wrong with an answer to this operation; empty when it is valid. An answer without a body is undefined JSON.</summary>
    public IReadOnlyList<string> Problems(string path, string method, int status, JsonElement answer)
    {
        return Problems(root.GetProperty("paths").GetProperty(path).GetProperty(method), $"{method} {path}", status, answer);
    }

    /// <summary>What is wrong with an answer to a request that was made: a success has to be as published, a refusal too where its status is published and the gateway does not speak.</summary>
    public IReadOnlyList<string> AnswerProblems(string method, string path, int status, JsonElement answer)
    {
        if (Operation(method, path) is not { } operation)
        {
            return status < 400 ? [$"{method} {path} is not published"] : [];
        }

        var gateway = answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty("statusCode", out _);
        var published = operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out _);
        return status >= 400 && (gateway || !published) ? [] : Problems(operation, $"{method} {path}", status, answer);
    }

    /// <summary>Whether the operation takes this query parameter, or this member in its body.</summary>
    public bool Takes(string method, string path, string member)
    {
        if (Operation(method, path) is not { } operation)
        {
            return false;
        }

        if (method is "get" or "delete")
        {
            return operation.TryGetProperty("parameters", out var list) && list.EnumerateArray().Any(p => p.GetProperty("in").GetString() == "query" && p.GetProperty("name").GetString() == member);
        }

        return operation.TryGetProperty("requestBody", out var described)
            && Members(described.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema")) is { } members && members.TryGetProperty(member, out _);
    }

    /// <summary>Whether the vendor publishes this path with this verb.</summary>
    public bool Publishes(string method, string path) => Operation(method, path) is not null;

    private JsonElement? Members(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
            {
                schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            }
            else if (schema.TryGetProperty("oneOf", out var one))
            {
                schema = one[0];
            }
            else
            {
                return schema.TryGetProperty("properties", out var properties) ? properties : null;
            }
        }
    }

    private List<string> Problems(JsonElement operation, string name, int status, JsonElement answer)
    {
        var responses = operation.GetProperty("responses");
        if (!responses.TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response))
        {
            return [$"{name} does not answer {status}"];
        }

        if (!response.TryGetProperty("content", out var content))
        {
            return answer.ValueKind is JsonValueKind.Undefined ? [] : [$"{name} answers {status} without a body"];
        }

        if (answer.ValueKind is JsonValueKind.Undefined)
        {
            return [$"{name} answers {status} with a body"];
        }

        List<string> problems = [];
        Check(content.GetProperty("application/json").GetProperty("schema"), answer, "$", false, problems);
        return problems;
    }

    /// <summary>What is wrong with a request: unpublished path or verb, unknown or misfit parameters, a body that does not fit; empty when it is valid.</summary>
    public IReadOnlyList<string> RequestProblems(string method, string path, IEnumerable<KeyValuePair<string, string>> query, JsonElement? body)
    {
        if (Operation(method, path) is not { } operation)
        {
            return [$"{method} {path} is not published"];
        }

        List<string> problems = [];
        var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").ToList() : [];
        foreach (var (name, value) in query)
        {
            var known = parameters.Find(p => p.GetProperty("name").GetString() == name);
            if (known.ValueKind is JsonValueKind.Undefined)
            {
                problems.Add($"{method} {path} has no parameter {name}");
            }
            else if (!Fits(known.GetProperty("schema"), value))
            {
                problems.Add($"{method} {path}: {name} does not take {value}");
            }
        }

        if (operation.TryGetProperty("requestBody", out var described))
        {
            if (body is { } json)
            {
                Check(described.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema"), json, "$", false, problems);
            }
            else
            {
                problems.Add($"{method} {path} wants a body");
            }
        }
        else if (body is not null)
        {
            problems.Add($"{method} {path} takes no body");
        }

        return problems;
    }

    /// <summary>What is wrong with a value of this model; empty when it is valid.</summary>
    public IReadOnlyList<string> ModelProblems(string model, JsonElement value)
    {
        List<string> problems = [];
        Check(root.GetProperty("components").GetProperty("schemas").GetProperty(model), value, "$", false, problems);
        return problems;
    }

    private JsonElement? Operation(string method, string path)
    {
        var asked = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // A path without holes wins over one with: customers/contacts over customers/{id}.
        foreach (var entry in root.GetProperty("paths").EnumerateObject().OrderBy(p => p.Name.Count(c => c == '{')))
        {
            var form = entry.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (form.Length == asked.Length && form.Zip(asked).All(p => p.First == p.Second || p.First.StartsWith('{')) && entry.Value.TryGetProperty(method, out var operation))
            {
                return operation;
            }
        }

        return null;
    }

    private bool Fits(JsonElement schema, string value)
    {
        while (schema.TryGetProperty("$ref", out var reference))
        {
            schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (schema.TryGetProperty("oneOf", out var one))
        {
            return Fits(one[0], value);
        }

        if (schema.TryGetProperty("enum", out var names))
        {
            return names.EnumerateArray().Any(e => e.ToString() == value);
        }

        return (schema.TryGetProperty("type", out var type) ? type.GetString() : null) switch
        {
            "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "number" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "boolean" => bool.TryParse(value, out _),
            "array" => Fits(schema.GetProperty("items"), value),
            _ when schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
    }

    private void Check(JsonElement schema, JsonElement value, string at, bool nullable, List<string> problems)
    {
        nullable |= schema.TryGetProperty("nullable", out var n) && n.GetBoolean();
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, at, nullable, problems);
            return;
        }

        if (schema.TryGetProperty("oneOf", out var one))
        {
            Check(Assert.Single(one.EnumerateArray()), value, at, nullable, problems);
            return;
        }

        if (value.ValueKind is JsonValueKind.Null)
        {
            if (!nullable)
            {
                problems.Add($"{at} is null");
            }

            return;
        }

        var type = schema.TryGetProperty("type", out var t) ? t.GetString() : null;
        if (type is not null && !IsOf(type, value))
        {
            problems.Add($"{at} is no {type}");
            return;
        }

        if (schema.TryGetProperty("enum", out var names) && !names.EnumerateArray().Any(e => e.ToString() == value.ToString()))
        {
            problems.Add($"{at} is not one of the names");
        }

        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && !value.TryGetDateTimeOffset(out _))
        {
            problems.Add($"{at} is no date-time");
        }

        if (type == "array")
        {
            foreach (var (item, i) in value.EnumerateArray().Select((e, i) => (e, i)))
            {
                Check(schema.GetProperty("items"), item, $"{at}[{i}]", false, problems);
            }
        }
        else if (type == "object")
        {
            CheckObject(schema, value, at, problems);
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string at, List<string> problems)
    {
        var properties = schema.TryGetProperty("properties", out var p) ? p : default;
        if (schema.TryGetProperty("required", out var required))
        {
            problems.AddRange(required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{at}.{r} is missing"));
        }

        var closed = schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False;
        foreach (var property in value.EnumerateObject())
        {
            if (properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(property.Name, out var inner))
            {
                Check(inner, property.Value, $"{at}.{property.Name}", false, problems);
            }
            else if (closed)
            {
                problems.Add($"{at}.{property.Name} is not described");
            }
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind is JsonValueKind.Number,
        _ => false,
    };
}
