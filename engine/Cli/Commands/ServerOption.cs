using System.CommandLine;

namespace WorkflowEngine.Cli;

/// <summary>Options that several commands share.</summary>
internal static class ServerOption
{
    public const string Default = "http://127.0.0.1:5080";

    public static Option<string> Create()
    {
        var option = new Option<string>("--server") { Description = $"The server's address (default {Default})", DefaultValueFactory = _ => Default };
        option.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                result.AddError($"--server must be an address such as {Default}.");
            }
        });
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "For scripts: the server's answer as JSON" };
}
