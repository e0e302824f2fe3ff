using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WorkflowEngine.Storage;

/// <summary>Instants are UTC ticks: exact and comparable on every database (SQLite has no instant, PostgreSQL's drops the last digit).</summary>
internal sealed class TicksConverter() : ValueConverter<DateTimeOffset, long>(
    value => value.UtcTicks,
    ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
