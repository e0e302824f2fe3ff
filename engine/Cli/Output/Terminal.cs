using Spectre.Console;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary>What people see: colours and tables where a terminal is there, plain lines elsewhere.</summary>
internal sealed class Terminal
{
    private readonly IAnsiConsole _out;
    private readonly IAnsiConsole _error;

    public Terminal(TextWriter output, TextWriter error, bool interactive)
    {
        Output = output;
        Error = error;
        _out = Create(output, interactive);
        _error = Create(error, interactive);
        Interactive = interactive;
    }

    /// <summary>The process's own terminal.</summary>
    public static Terminal System { get; } = new(Console.Out, Console.Error, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null);

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public bool Interactive { get; }

    public void Line(string text = "") => Output.WriteLine(text);

    /// <summary>One sentence on the error stream.</summary>
    public void Problem(string text)
    {
        if (Interactive) _error.MarkupLine($"[red]{Markup.Escape(text)}[/]");
        else Error.WriteLine(text);
    }

    public void Good(string text)
    {
        if (Interactive) _out.MarkupLine($"[green]{Markup.Escape(text)}[/]");
        else Output.WriteLine(text);
    }

    /// <summary>Findings in the plain form, coloured where a terminal is there.</summary>
    public void Diagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            var text = DiagnosticRenderer.Render(diagnostic).TrimEnd('\n');
            if (!Interactive)
            {
                Output.WriteLine(text);
                continue;
            }

            var colour = diagnostic.Severity switch { DiagnosticSeverity.Error => "red", DiagnosticSeverity.Warning => "yellow", _ => "grey" };
            var lines = text.Split('\n');
            _out.MarkupLine($"[{colour}]{Markup.Escape(lines[0])}[/]");
            foreach (var line in lines.Skip(1)) _out.MarkupLine(line.TrimStart().StartsWith('^') ? $"[{colour}]{Markup.Escape(line)}[/]" : Markup.Escape(line));
        }
    }

    /// <summary>A table; columns separated by two spaces where no terminal is there.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        if (Interactive)
        {
            var table = new Table().Border(TableBorder.Rounded);
            foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)));
            foreach (var row in all) table.AddRow(row.Select(c => new Text(c)));
            _out.Write(table);
            return;
        }

        var widths = columns.Select((c, i) => Math.Max(c.Length, all.Count == 0 ? 0 : all.Max(r => r[i].Length))).ToArray();
        Output.WriteLine(string.Join("  ", columns.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
        Output.WriteLine(string.Join("  ", widths.Select(w => new string('-', w))));
        foreach (var row in all) Output.WriteLine(string.Join("  ", row.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>Runs long work with a line of progress; plain lines where no terminal is there.</summary>
    public async Task ProgressAsync(string title, Func<Action<string>, Task> work)
    {
        if (Interactive)
        {
            await _out.Status().StartAsync(Markup.Escape(title), context => work(text => context.Status(Markup.Escape(text)))).ConfigureAwait(false);
            return;
        }

        Output.WriteLine(title);
        await work(_ => { }).ConfigureAwait(false);
    }

    private static IAnsiConsole Create(TextWriter writer, bool interactive) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No, ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer),
    });
}
