using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WorkflowEngine.Storage.PostgreSql.Migrations
{
    /// <summary>
    /// Leases of lanes, and the tables and named statements that the membership provider of Orleans expects and its packages do not carry: names of tables, columns, statements and parameters are its
    /// contract. Each statement is one, so that the version of the table and the row of a silo change together or not at all.
    /// </summary>
    public partial class Cluster : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE TABLE lane_lease (
                    lane integer NOT NULL PRIMARY KEY,
                    owner text COLLATE "C" NULL,
                    token bigint NOT NULL DEFAULT 0,
                    taken_at timestamptz NULL
                );
                INSERT INTO lane_lease (lane) SELECT generate_series(0, 63);

                CREATE TABLE OrleansQuery (QueryKey varchar(64) NOT NULL PRIMARY KEY, QueryText varchar(8000) NOT NULL);
                CREATE TABLE OrleansMembershipVersionTable (
                    DeploymentId varchar(150) NOT NULL PRIMARY KEY,
                    Timestamp timestamptz(3) NOT NULL DEFAULT now(),
                    Version integer NOT NULL DEFAULT 0
                );
                CREATE TABLE OrleansMembershipTable (
                    DeploymentId varchar(150) NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
                    Address varchar(45) NOT NULL,
                    Port integer NOT NULL,
                    Generation integer NOT NULL,
                    SiloName varchar(150) NOT NULL,
                    HostName varchar(150) NOT NULL,
                    Status integer NOT NULL,
                    ProxyPort integer NULL,
                    SuspectTimes varchar(8000) NULL,
                    StartTime timestamptz(3) NOT NULL,
                    IAmAliveTime timestamptz(3) NOT NULL,
                    PRIMARY KEY (DeploymentId, Address, Port, Generation)
                );
                """);
            Statement(migrationBuilder, "UpdateIAmAlivetimeKey",
                "UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation");
            Statement(migrationBuilder, "InsertMembershipVersionKey",
                """
                WITH made AS (INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
                SELECT count(*)::integer FROM made
                """);
            Statement(migrationBuilder, "InsertMembershipKey",
                """
                WITH risen AS (
                    UPDATE OrleansMembershipVersionTable SET Timestamp = now(), Version = Version + 1
                    WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (
                        SELECT 1 FROM OrleansMembershipTable m WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
                    RETURNING DeploymentId),
                made AS (
                    INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
                    SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM risen
                    RETURNING 1)
                SELECT count(*)::integer FROM made
                """);
            Statement(migrationBuilder, "UpdateMembershipKey",
                """
                WITH risen AS (
                    UPDATE OrleansMembershipVersionTable SET Timestamp = now(), Version = Version + 1
                    WHERE DeploymentId = @DeploymentId AND Version = @Version AND EXISTS (
                        SELECT 1 FROM OrleansMembershipTable m WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
                    RETURNING DeploymentId),
                changed AS (
                    UPDATE OrleansMembershipTable m SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime FROM risen
                    WHERE m.DeploymentId = risen.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
                    RETURNING 1)
                SELECT count(*)::integer FROM changed
                """);
            Statement(migrationBuilder, "MembershipReadRowKey",
                """
                SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
                FROM OrleansMembershipVersionTable v
                LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
                WHERE v.DeploymentId = @DeploymentId
                """);
            Statement(migrationBuilder, "MembershipReadAllKey",
                """
                SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
                FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
                WHERE v.DeploymentId = @DeploymentId
                """);
            Statement(migrationBuilder, "DeleteMembershipTableEntriesKey",
                "WITH silos AS (DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId) DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId");
            Statement(migrationBuilder, "GatewaysQueryKey",
                "SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0");
            Statement(migrationBuilder, "CleanupDefunctSiloEntriesKey",
                "DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE lane_lease, OrleansMembershipTable, OrleansMembershipVersionTable, OrleansQuery;");
        }

        private static void Statement(MigrationBuilder migrationBuilder, string name, string text) =>
            migrationBuilder.Sql($"INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('{name}', '{text.Replace("'", "''", System.StringComparison.Ordinal)}');");
    }
}
