using System.CommandLine;

namespace WorkflowEngine.Cli;

/// <summary><c>flow doctor</c>: everything that can be wrong, one sentence each.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(30);

    public static Command Create(Terminal terminal)
    {
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var command = new Command("doctor", "Looks at connections, permissions, fields, clock, disk, keys and deployments of a server") { server, json };
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/doctor", cancel).ConfigureAwait(false);
            var skew = (answer.GetProperty("now").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).Duration();
            var good = skew < MostSkew;
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else if (good) terminal.Good("clock: the server's and this machine's agree.");
            else terminal.Problem($"clock: the server's differs by {skew.TotalSeconds:0} s from this machine's; vendors refuse tokens when clocks are wrong.");
            foreach (var check in answer.GetProperty("data").EnumerateArray())
            {
                var well = check.GetProperty("good").GetBoolean();
                good &= well;
                var text = $"{Pretty.Text(check.GetProperty("check"))}: {Pretty.Text(check.GetProperty("message"))}";
                if (parsed.GetValue(json)) continue;
                if (well) terminal.Good(text);
                else terminal.Problem(text);
            }

            return good ? ExitCode.Good : ExitCode.Mistakes;
        });
        return command;
    }
}
