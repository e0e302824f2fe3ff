using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Reads a request body and collects every fault of it, as the vendor's model binding does. Unknown properties are dropped.</summary>
internal sealed class BodyReader
{
    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly SortedDictionary<string, List<string>> _errors;

    private BodyReader(JsonElement value, string prefix, SortedDictionary<string, List<string>> errors)
    {
        _object = value;
        _prefix = prefix;
        _errors = errors;
    }

    public static BodyReader Of(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var root) || root.ValueKind is not JsonValueKind.Object)
        {
            throw Refuse(new()
            {
                [""] = [request.Body.Length == 0 ? "A non-empty request body is required." : "The request body is not a valid JSON object."],
                ["request"] = ["The request field is required."],
            });
        }

        return new BodyReader(root, "", new(StringComparer.Ordinal));
    }

    public static BodyReader Of(JsonElement value) => new(value, "", new(StringComparer.Ordinal));

    public bool Has(string name) => TryFind(name, out _);

    public bool IsNull(string name) => TryFind(name, out var value) && value.ValueKind is JsonValueKind.Null;

    public string? Text(string name, bool required = false)
    {
        var value = Take(name, required);
        if (value is not { } v)
        {
            return null;
        }

        if (v.ValueKind is JsonValueKind.String)
        {
            return v.GetString();
        }

        Fault(name, $"Error converting value to type 'System.String'. Path '{_prefix}{name}'.");
        return null;
    }

    public string? OneOf(string name, bool required, params string[] allowed)
    {
        var text = Text(name, required);
        if (text is null)
        {
            return null;
        }

        var match = allowed.FirstOrDefault(a => a.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (match is null)
        {
            Fault(name, $"Error converting value \"{text}\" to the allowed values {string.Join(", ", allowed)}. Path '{_prefix}{name}'.");
        }

        return match;
    }

    public long? Integer(string name, bool required = false)
    {
        var value = Take(name, required);
        if (value is { } v)
        {
            if (v.ValueKind is JsonValueKind.Number && v.TryGetInt64(out var number))
            {
                return number;
            }

            Fault(name, $"Error converting value to type 'System.Int64'. Path '{_prefix}{name}'.");
        }

        return null;
    }

    public decimal? Decimal(string name, bool required = false)
    {
        var value = Take(name, required);
        if (value is { } v)
        {
            if (v.ValueKind is JsonValueKind.Number && v.TryGetDecimal(out var number))
            {
                return number;
            }

            Fault(name, $"Error converting value to type 'System.Decimal'. Path '{_prefix}{name}'.");
        }

        return null;
    }

    public bool? Flag(string name, bool required = false)
    {
        var value = Take(name, required);
        if (value is { } v)
        {
            if (v.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                return v.GetBoolean();
            }

            Fault(name, $"Error converting value to type 'System.Boolean'. Path '{_prefix}{name}'.");
        }

        return null;
    }

    public DateTimeOffset? Instant(string name, bool required = false)
    {
        var text = Text(name, required);
        if (text is not null)
        {
            if (ListQuery.TryInstant(text, out var instant))
            {
                return instant;
            }

            Fault(name, $"Could not convert string to DateTime: {text}. Path '{_prefix}{name}'.");
        }

        return null;
    }

    public Guid? Guid(string name, bool required)
    {
        var text = Text(name, required);
        if (text is not null)
        {
            if (System.Guid.TryParse(text, out var guid))
            {
                return guid;
            }

            Fault(name, $"Error converting value \"{text}\" to type 'System.Guid'. Path '{_prefix}{name}'.");
        }

        return null;
    }

    public BodyReader? Object(string name, bool required)
    {
        var value = Take(name, required);
        if (value is { } v)
        {
            if (v.ValueKind is JsonValueKind.Object)
            {
                return new BodyReader(v, $"{_prefix}{name}.", _errors);
            }

            Fault(name, $"An object is expected. Path '{_prefix}{name}'.");
        }

        return null;
    }

    public IReadOnlyList<BodyReader>? Objects(string name, bool required = false)
    {
        var value = Take(name, required);
        if (value is not { } v)
        {
            return null;
        }

        if (v.ValueKind is JsonValueKind.Array && v.EnumerateArray().All(e => e.ValueKind is JsonValueKind.Object))
        {
            return [.. v.EnumerateArray().Select((e, i) => new BodyReader(e, $"{_prefix}{name}[{i}].", _errors))];
        }

        Fault(name, $"A list of objects is expected. Path '{_prefix}{name}'.");
        return null;
    }

    public List<string>? Texts(string name, bool required = false)
    {
        if (Take(name, required) is not { } v)
        {
            return null;
        }

        if (v.ValueKind is JsonValueKind.Array && v.EnumerateArray().All(e => e.ValueKind is JsonValueKind.String))
        {
            return [.. v.EnumerateArray().Select(e => e.GetString()!)];
        }

        Fault(name, $"A list of texts is expected. Path '{_prefix}{name}'.");
        return null;
    }

    public List<long>? Integers(string name, bool required = false)
    {
        var value = Take(name, required);
        if (value is not { } v)
        {
            return null;
        }

        List<long> numbers = [];
        if (v.ValueKind is JsonValueKind.Array)
        {
            foreach (var element in v.EnumerateArray())
            {
                if (element.ValueKind is JsonValueKind.Number && element.TryGetInt64(out var number))
                {
                    numbers.Add(number);
                }
                else
                {
                    Fault(name, $"Error converting value to type 'System.Int64'. Path '{_prefix}{name}[{numbers.Count}]'.");
                    return null;
                }
            }

            return numbers;
        }

        Fault(name, $"A list of numbers is expected. Path '{_prefix}{name}'.");
        return null;
    }

    public void Fault(string name, string text)
    {
        var path = _prefix + name;
        if (!_errors.TryGetValue(path, out var texts))
        {
            _errors[path] = texts = [];
        }

        texts.Add(text);
    }

    public void ThrowIfFaulty()
    {
        if (_errors.Count > 0)
        {
            // When the body cannot be bound, the vendor also complains about the whole request.
            _errors["request"] = ["The request field is required."];
            throw Refuse(_errors);
        }
    }

    private static Refusal Refuse(SortedDictionary<string, List<string>> errors) =>
        new(ServiceTitanErrors.Api(400, "One or more validation errors occurred.", errors));

    private JsonElement? Take(string name, bool required)
    {
        if (TryFind(name, out var value) && value.ValueKind is not JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            Fault(name, $"Required property '{name}' not found");
        }

        return null;
    }

    private bool TryFind(string name, out JsonElement value)
    {
        if (_object.TryGetProperty(name, out value))
        {
            return true;
        }

        foreach (var property in _object.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = property.Value;
                return true;
            }
        }

        return false;
    }
}
