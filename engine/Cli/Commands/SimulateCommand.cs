using System.CommandLine;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Cli;

/// <summary><c>flow simulate servicetitan|salesforce</c>: a vendor's twin on a loopback port, until it is stopped.</summary>
internal static class SimulateCommand
{
    public static Command Create(Terminal terminal)
    {
        var system = new Argument<string>("SYSTEM") { Description = "servicetitan or salesforce" };
        system.AcceptOnlyFromAmong("servicetitan", "salesforce");
        var port = new Option<int?>("--port") { Description = "The port (default 5081 for ServiceTitan, 5082 for Salesforce)" };
        var seed = new Option<int>("--seed") { Description = "Decides everything random (default 1)", DefaultValueFactory = _ => 1 };
        var latency = new Option<int>("--latency") { Description = "Milliseconds before each answer (default 0)" };
        var rate = new Option<int?>("--rate") { Description = "Calls per second before 429; 0 = no limit (default: the vendor's)" };
        var events = new Option<int?>("--events-port") { Description = "Salesforce: also the event service (gRPC over TLS) on this port; 0 = a free one" };
        var certificate = new Option<string?>("--certificate") { Description = "Salesforce: writes the event service's certificate (PEM) to this file, for clients to trust" };
        var customers = new Option<int>("--customers") { Description = "ServiceTitan: customers to begin with (default 0)" };
        var command = new Command("simulate", "Runs a vendor's twin on this machine") { system, port, seed, latency, rate, events, certificate, customers };
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, parsed.GetValue(system)!,
            new SimulatorOptions
            {
                Port = parsed.GetValue(port) ?? (parsed.GetValue(system) == "servicetitan" ? 5081 : 5082), Seed = parsed.GetValue(seed),
                LatencyMs = parsed.GetValue(latency), Rate = parsed.GetValue(rate), PubSubPort = parsed.GetValue(events),
            },
            parsed.GetValue(customers), parsed.GetValue(certificate), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string system, SimulatorOptions options, int customers, string? certificate, CancellationToken cancellationToken)
    {
        try
        {
            if (system == "servicetitan")
            {
                var simulator = new ServiceTitanSimulator(options);
                if (customers > 0) CompanySeed.Fill(simulator, customers, options.Seed);
                await using var running = await SimulatorHost.StartAsync(simulator, cancellationToken).ConfigureAwait(false);
                terminal.Good($"ServiceTitan is simulated at {running.BaseAddress} (client {ServiceTitanSimulator.ClientId}, secret {ServiceTitanSimulator.ClientSecret}, app key {ServiceTitanSimulator.AppKey}). Stop with Ctrl+C.");
                await running.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await using var running = await SimulatorHost.StartAsync(new SalesforceSimulator(options), cancellationToken).ConfigureAwait(false);
                if (running.SecureAddress is { } secure) terminal.Good($"Its event service listens at {secure}.");
                if (certificate is not null && running.Certificate is { } pem) await File.WriteAllTextAsync(certificate, pem, cancellationToken).ConfigureAwait(false);
                terminal.Good($"Salesforce is simulated at {running.BaseAddress} (client {SalesforceSimulator.ClientId}, secret {SalesforceSimulator.ClientSecret}). Stop with Ctrl+C.");
                await running.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            throw new UnusableException($"The port {options.Port} cannot be used: {e.Message.TrimEnd('.')}. Choose another with --port.");
        }

        return ExitCode.Good;
    }
}
