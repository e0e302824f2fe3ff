namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>One attempt to deliver an event.</summary>
/// <param name="Type">The event's name.</param>
/// <param name="Occurrence">The same for every attempt and every consumer.</param>
/// <param name="Attempt">From 1; the fifth is the last.</param>
/// <param name="At">When.</param>
/// <param name="Status">The consumer's answer; 0 = it could not be reached.</param>
/// <param name="RetryAfter">When the consumer asked to be called again; null = it did not. The next attempt comes when the vendor's own plan says.</param>
public sealed record WebhookDelivery(string Type, string Occurrence, int Attempt, DateTimeOffset At, int Status, TimeSpan? RetryAfter);
