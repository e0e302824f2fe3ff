namespace WorkflowEngine.Cli;

/// <summary>An option as it stands on the command line.</summary>
/// <param name="Name">As written.</param>
/// <param name="Setting">What it sets; null when nobody knows it.</param>
/// <param name="Values">Its values; none when it stands alone.</param>
/// <param name="Known">The options there are.</param>
internal sealed record OptionText(string Name, Setting? Setting, IReadOnlyList<string> Values, IReadOnlyCollection<string> Known);
