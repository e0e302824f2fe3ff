using System.Diagnostics;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Benchmarks.Expressions;

/// <summary>
/// A mapping of 15 fields, sandbox on, payload already read, against the same mapping written by hand in C# in the same run. The promise is a
/// ratio of at most 5.
/// </summary>
public static class ExpressionBenchmark
{
    private const double Promised = 5;
    private const int Rounds = 7;
    private const int Iterations = 40_000;

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

    /// <returns>The exit code: 0 when the promise holds.</returns>
    public static int Run(TextWriter output)
    {
        using var engine = new ExpressionEngine();
        var mapping = MappingCompiler.Prepare(Sources, ["input"]);
        var input = Input();
        var expected = ByHand(input);
        var given = engine.Invoke(mapping, input).Values ?? throw new InvalidOperationException("The mapping failed.");
        if (!expected.SequenceEqual(given))
        {
            throw new InvalidOperationException("The two mappings do not agree.");
        }

        var hand = new double[Rounds];
        var scripted = new double[Rounds];
        for (var round = -2; round < Rounds; round++)
        {
            var byHand = Nanoseconds(() => ByHand(input));
            var byScript = Nanoseconds(() => engine.Invoke(mapping, input).Values!);
            if (round >= 0)
            {
                (hand[round], scripted[round]) = (byHand, byScript);
            }
        }

        var (one, other) = (Median(hand), Median(scripted));
        output.WriteLine($"expression: 15 fields, C# {one:N0} ns, sandbox {other:N0} ns, ratio {other / one:N1} (promised: at most {Promised:N0})");
        return other / one <= Promised ? 0 : 1;
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
