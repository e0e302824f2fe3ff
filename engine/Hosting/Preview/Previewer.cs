using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Hosting;

/// <summary>Evaluates lines over samples with the limits of a run, on engines of its own: a person who tries does not stand in the way of runs.</summary>
public sealed class Previewer : IDisposable
{
    private readonly ExpressionEngine _engine = new(new ExpressionEngineOptions { Engines = 2, Threads = 1 });

    /// <summary>For each sample the answers of all lines.</summary>
    public IReadOnlyList<IReadOnlyList<PreviewAnswer>> Run(PreviewRequest request, CancellationToken cancellationToken)
    {
        var names = request.Samples.SelectMany(s => s.Keys).Concat(request.Self is null ? [] : [request.Self]).Distinct(StringComparer.Ordinal).ToArray();
        var prepared = request.Lines.Select(l => l.Expression is { } source ? MappingCompiler.Prepare(source, names) : null).ToArray();
        var result = new List<IReadOnlyList<PreviewAnswer>>(request.Samples.Count);
        foreach (var sample in request.Samples)
        {
            var arguments = new object?[names.Length];
            for (var i = 0; i < names.Length; i++) arguments[i] = sample.GetValueOrDefault(names[i]);
            var own = request.Self is null ? null : new Dictionary<string, object?>();
            if (own is not null) arguments[Array.IndexOf(names, request.Self)] = own;
            var answers = new List<PreviewAnswer>(prepared.Length);
            for (var i = 0; i < prepared.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var answer = Answer(request, request.Lines[i], prepared[i], arguments);
                answers.Add(answer);
                if (own is not null) own[request.Lines[i].Name] = answer.Value;
            }

            result.Add(answers);
        }

        return result;
    }

    public void Dispose() => _engine.Dispose();

    private PreviewAnswer Answer(PreviewRequest request, PreviewLine line, PreparedMapping? mapping, object?[] arguments)
    {
        object? value;
        if (mapping is null)
        {
            value = line.Literal;
        }
        else
        {
            var result = _engine.Invoke(mapping, arguments);
            if (!result.Succeeded)
            {
                var kind = result.Error.Kind.ToString();
                return new PreviewAnswer(line.Name, null, "null", new PreviewError(char.ToLowerInvariant(kind[0]) + kind[1..], result.Error.Message, result.Error.Offset), []);
            }

            value = result.Values[0];
        }

        var findings = request.Target is { } target ? FieldJudgement.Of(target, line.Name, value, request.Creates, request.TargetIsOrg) : [];
        return new PreviewAnswer(line.Name, value is FieldMarker ? null : value, TypeOf(value), null, findings);
    }

    private static string TypeOf(object? value) => value switch
    {
        null => "null",
        FieldMarker marker => marker.ToString(),
        string => "text",
        bool => "boolean",
        long => "integer",
        double => "number",
        decimal => "decimal",
        DateOnly => "date",
        DateTimeOffset => "instant",
        TimeSpan => "duration",
        IReadOnlyDictionary<string, object?> => "object",
        _ => "list",
    };
}
