using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WorkflowEngine.Cluster.Tests;

/// <summary>Nodes that reach each other beyond loopback must prove who they are.</summary>
public sealed class ClusterOptionsTests
{
    private static readonly ClusterOptions Loopback = new() { ConnectionString = "Host=db;Password=geheim" };

    [Fact]
    public void Over_loopback_nodes_may_trust_each_other() => Assert.Null(ClusterNode.ProblemOf(Loopback));

    [Fact]
    public void Beyond_loopback_they_may_not() => Assert.Contains("prove who they are", ClusterNode.ProblemOf(Loopback with { Address = IPAddress.Parse("10.0.0.7") }), StringComparison.Ordinal);

    [Fact]
    public void A_certificate_without_its_key_proves_nothing()
    {
        using var key = RSA.Create(2048);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var whole = new CertificateRequest("CN=nodes", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now, now.AddYears(10));
        using var half = X509CertificateLoader.LoadCertificate(whole.RawData);
        Assert.Null(ClusterNode.ProblemOf(Loopback with { Address = IPAddress.Parse("10.0.0.7"), Certificate = whole }));
        Assert.Equal("The certificate of the nodes has no private key.", ClusterNode.ProblemOf(Loopback with { Address = IPAddress.Parse("10.0.0.7"), Certificate = half }));
    }

    [Fact]
    public void Its_text_shows_no_connection_string() => Assert.DoesNotContain("geheim", Loopback.ToString(), StringComparison.Ordinal);
}
