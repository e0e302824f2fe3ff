using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>Lets <c>dotnet ef migrations add</c> make the context without a host or server.</summary>
internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlEngineDbContext>
{
    public PostgreSqlEngineDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlEngineDbContext>().UseNpgsql("Host=localhost;Database=design_time").Options);
}
