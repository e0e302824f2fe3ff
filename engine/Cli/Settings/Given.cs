using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary>A setting that somebody said.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Text">The text.</param>
/// <param name="Said">Its name as it was said there: <c>'urls'</c>, <c>FLOW_SERVER_URLS</c>, <c>--urls</c>.</param>
/// <param name="Place">Where: in a file, or the name of a variable or an option.</param>
/// <param name="OfFile">It stands in a file.</param>
internal sealed record Given(Setting Setting, string Text, string Said, SourceSpan Place, bool OfFile)
{
    /// <summary>Where it was said, for people: <c>server.yaml:3</c>, <c>FLOW_SERVER_URLS</c> or <c>--urls</c>.</summary>
    public string Origin => OfFile ? $"{Place.Source.Path}:{Place.Start.Line}" : Place.Source.Path;

    /// <summary>Without its text, which may be a secret.</summary>
    public override string ToString() => $"{Setting.Name} of {Origin}";
}
