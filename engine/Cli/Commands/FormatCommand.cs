using System.CommandLine;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary><c>flow format PATH…</c>: mends what YAML would misread, and touches nothing else.</summary>
internal static class FormatCommand
{
    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Flow files, or folders with flow files", Arity = ArgumentArity.OneOrMore };
        var check = new Option<bool>("--check") { Description = "Only say which files would change; exit 1 when one would" };
        var command = new Command("format", "Mends what YAML would misread in flow files, byte for byte nothing else") { paths, check };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(paths)!, parsed.GetValue(check)));
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, bool check)
    {
        var changed = 0;
        var files = FlowPaths.Read(paths);
        foreach (var file in files)
        {
            var text = FlowFormatter.Format(file);
            if (text == file.Content) continue;
            changed++;
            if (!check) Write(file.Path, text);
            terminal.Line($"{file.Path}: {(check ? "would be mended" : "mended")}");
        }

        terminal.Good($"{files.Count} {(files.Count == 1 ? "file" : "files")} read, {changed} {(check ? "would change" : "changed")}.");
        return check && changed > 0 ? ExitCode.Mistakes : ExitCode.Good;
    }

    private static void Write(string path, string text)
    {
        try
        {
            // The new text stands beside the old one before it takes its place: a full disk leaves the flow as it was.
            var beside = path + ".new";
            File.WriteAllText(beside, text);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"The file '{path}' cannot be written: {e.Message}");
        }
    }
}
