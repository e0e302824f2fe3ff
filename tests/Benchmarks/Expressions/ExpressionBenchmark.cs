using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Benchmarks.Expressions;

/// <summary>
/// Mappings of 15 fields, sandbox on, payload already read, against the same mapping written by hand in C# in the same run. The promise is a
/// ratio of at most 5.
/// </summary>
public static class ExpressionBenchmark
{
    private const double Promised = 5;
    private const int Slices = 301;
    private const int WarmUp = 200;
    private const int Iterations = 250;

    private static readonly string[] Sources =
    [
        "input.id",
        "input.name",
        "input.name.split(\" \")[0]",
        "input.type === \"Residential\" ? \"Household\" : \"Business\"",
        "input.address.street",
        "list.join(list.compact([input.address.street, input.address.unit]), \"\\n\")",
        "input.address.city",
        "input.address.state.toUpperCase()",
        "input.address.zip",
        "input.address.country ?? \"USA\"",
        "`${input.address.street}, ${input.address.city} ${input.address.zip}`",
        "list.first(input.lines, l => l.type === \"Email\")?.value",
        "list.first(input.lines, l => l.type === \"MobilePhone\")?.value ?? list.first(input.lines, l => l.type === \"Phone\")?.value",
        "input.balance",
        "input.active && input.mergedToId === null",
    ];

    /// <summary>The mapping of a customer to a contact: text is cleaned, cut and put together.</summary>
    private static readonly string[] CustomerSources =
    [
        "text.oneLine(input.name)",
        "\"+1\" + text.digits(input.phone)",
        "input.address.street",
        "input.address.city",
        "input.address.state.toUpperCase()",
        "input.address.zip",
        "input.address.country ?? \"USA\"",
        "input.type === \"Commercial\" ? \"Business\" : \"Household\"",
        "date.text(input.modifiedOn)",
        "text.oneLine(input.name).split(\" \")[0]",
        "list.last(text.oneLine(input.name).split(\" \"))",
        "input.email.trim().toLowerCase()",
        "`${input.address.street}, ${input.address.city}, ${input.address.state.toUpperCase()} ${input.address.zip}, ${input.address.country ?? \"USA\"}`",
        "date.text(input.modifiedOn).slice(0, 10)",
        "input.mergedToId === null ? \"new\" : \"matched\"",
    ];

    /// <returns>The exit code: 0 when the promise holds for both mappings.</returns>
    public static int Run(TextWriter output)
    {
        using var engine = new ExpressionEngine();
        var record = Compare(output, "a record with lists", engine, Sources, ByHand);
        var customer = Compare(output, "a customer to a contact", engine, CustomerSources, CustomerByHand);
        return Math.Max(record, customer) <= Promised ? 0 : 1;
    }

    /// <summary>Both sides take turns in short slices, so that what else the machine does meets both.</summary>
    private static double Compare(TextWriter output, string what, ExpressionEngine engine, string[] sources, Func<IReadOnlyDictionary<string, object?>, object?[]> byHand)
    {
        var mapping = MappingCompiler.Prepare(sources, ["input"]);
        var input = Input();
        var given = engine.Invoke(mapping, input).Values ?? throw new InvalidOperationException("The mapping failed.");
        if (!byHand(input).SequenceEqual(given))
        {
            throw new InvalidOperationException("The two mappings do not agree.");
        }

        var (hand, scripted, ratios) = (new double[Slices], new double[Slices], new double[Slices]);
        for (var slice = -WarmUp; slice < Slices; slice++)
        {
            var one = Nanoseconds(() => byHand(input));
            var other = Nanoseconds(() => engine.Invoke(mapping, input).Values!);
            if (slice >= 0)
            {
                (hand[slice], scripted[slice], ratios[slice]) = (one, other, other / one);
            }
        }

        var ratio = Median(ratios);
        output.WriteLine($"expression: 15 fields, {what}: C# {Median(hand):N0} ns, sandbox {Median(scripted):N0} ns, ratio {ratio:N1} (promised: at most {Promised:N0})");
        return ratio;
    }

    private static double Nanoseconds(Func<object?[]> mapping)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Iterations; i++)
        {
            if (mapping().Length != Sources.Length)
            {
                throw new InvalidOperationException("A field is missing.");
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalNanoseconds / Iterations;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private static object?[] CustomerByHand(IReadOnlyDictionary<string, object?> input)
    {
        var name = string.Join(' ', ((string)input["name"]!).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var address = (IReadOnlyDictionary<string, object?>)input["address"]!;
        var words = name.Split(' ');
        var state = ((string)address["state"]!).ToUpperInvariant();
        var country = (string?)address["country"] ?? "USA";
        var modified = ((DateTimeOffset)input["modifiedOn"]!).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return
        [
            name,
            "+1" + string.Concat(((string)input["phone"]!).Where(char.IsAsciiDigit)),
            address["street"],
            address["city"],
            state,
            address["zip"],
            country,
            (string?)input["type"] == "Commercial" ? "Business" : "Household",
            modified,
            words[0],
            words[^1],
            ((string)input["email"]!).Trim().ToLowerInvariant(),
            $"{address["street"]}, {address["city"]}, {state} {address["zip"]}, {country}",
            modified[..10],
            input["mergedToId"] is null ? "new" : "matched",
        ];
    }

    private static object?[] ByHand(IReadOnlyDictionary<string, object?> input)
    {
        var name = (string)input["name"]!;
        var address = (IReadOnlyDictionary<string, object?>)input["address"]!;
        var lines = (IReadOnlyList<object?>)input["lines"]!;
        return
        [
            input["id"],
            name,
            name.Split(' ')[0],
            (string?)input["type"] == "Residential" ? "Household" : "Business",
            address["street"],
            string.Join("\n", new[] { (string?)address["street"], (string?)address["unit"] }.Where(s => !string.IsNullOrEmpty(s))),
            address["city"],
            ((string)address["state"]!).ToUpperInvariant(),
            address["zip"],
            address["country"] ?? "USA",
            $"{address["street"]}, {address["city"]} {address["zip"]}",
            Line(lines, "Email"),
            Line(lines, "MobilePhone") ?? Line(lines, "Phone"),
            input["balance"],
            (bool)input["active"]! && input["mergedToId"] is null,
        ];
    }

    private static object? Line(IReadOnlyList<object?> lines, string type) =>
        lines.Cast<IReadOnlyDictionary<string, object?>>().FirstOrDefault(l => (string?)l["type"] == type)?["value"];

    private static Dictionary<string, object?> Input() => new()
    {
        ["id"] = "77120449",
        ["name"] = "Mary-Jane van der Berg",
        ["phone"] = "(208) 555-0142",
        ["email"] = " MJ@Example.com",
        ["modifiedOn"] = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        ["type"] = "Residential",
        ["active"] = true,
        ["mergedToId"] = null,
        ["balance"] = 120.50m,
        ["address"] = new Dictionary<string, object?>
        {
            ["street"] = "118 W Idaho St",
            ["unit"] = null,
            ["city"] = "Boise",
            ["state"] = "id",
            ["zip"] = "83702",
            ["country"] = null,
        },
        ["lines"] = new List<object?>
        {
            new Dictionary<string, object?> { ["type"] = "Phone", ["value"] = "(208) 555-0142" },
            new Dictionary<string, object?> { ["type"] = "Email", ["value"] = "mj@example.com" },
            new Dictionary<string, object?> { ["type"] = "Fax", ["value"] = "(208) 555-0143" },
        },
    };
}
