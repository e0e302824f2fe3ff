using System.CommandLine;
using System.Text.Json;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow check PATH…</c>: all mistakes of all files in one go. Exit 0 clean, 1 mistakes, 2 unusable input.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Flow files, or folders with flow files", Arity = ArgumentArity.OneOrMore };
        var metadata = new Option<string[]>("--metadata") { Description = "Metadata files of orgs (*.metadata.json) that stand elsewhere" };
        var format = new Option<string>("--format") { Description = "text (default), json or sarif", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "sarif");
        var command = new Command("check", "Checks flow files; prints every mistake with its line, what was expected and a hint") { paths, metadata, format };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(paths)!, parsed.GetValue(metadata) ?? [], parsed.GetValue(format)!));
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, string[] metadata, string format)
    {
        var files = FlowPaths.Read(paths);
        IReadOnlyList<SourceText> all = metadata.Length == 0
            ? files
            : [.. files, .. files.Select(f => Path.GetDirectoryName(f.Path) ?? "").Distinct()
                .SelectMany(folder => metadata.Select(m => new SourceText(Path.Combine(folder, Path.GetFileName(m)), FlowPaths.ReadFile(m).Content)))];
        var bundle = FlowBundle.Compile(all, Installed.Catalog, strict: true);
        if (bundle.Flows.Count == 0 && bundle.Diagnostics.Count == 0) throw new UnusableException($"There is no flow in {string.Join(", ", paths)}: a flow file has the key 'flow'.");

        switch (format)
        {
            case "json":
                terminal.Line(JsonSerializer.Serialize(bundle.Diagnostics.Select(Json), Indented));
                break;
            case "sarif":
                terminal.Line(Sarif.Write(bundle.Diagnostics));
                break;
            default:
                terminal.Diagnostics(bundle.Diagnostics.Where(d => d.Severity != DiagnosticSeverity.Info));
                Summary(terminal, bundle);
                break;
        }

        return bundle.Diagnostics.Any(d => d.IsError) ? ExitCode.Mistakes : ExitCode.Good;
    }

    private static void Summary(Terminal terminal, FlowBundle bundle)
    {
        var errors = bundle.Diagnostics.Count(d => d.IsError);
        var warnings = bundle.Diagnostics.Count(d => d.Severity == DiagnosticSeverity.Warning);
        var text = $"{bundle.Flows.Count} {(bundle.Flows.Count == 1 ? "flow" : "flows")} checked: {errors} {(errors == 1 ? "error" : "errors")}, {warnings} {(warnings == 1 ? "warning" : "warnings")}.";
        if (errors == 0) terminal.Good(text);
        else terminal.Problem(text);
    }

    private static object Json(Diagnostic diagnostic) => new
    {
        code = diagnostic.Code,
        severity = DiagnosticRenderer.Word(diagnostic.Severity),
        path = diagnostic.Path,
        line = diagnostic.Position.Line,
        column = diagnostic.Position.Column,
        length = diagnostic.Span.Length,
        message = diagnostic.Message,
        hint = diagnostic.Hint,
    };
}
