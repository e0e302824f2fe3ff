using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Runtime;

/// <summary>Lanes are a fixed number per database; a key always falls into the same one.</summary>
public static class Lane
{
    public const int Count = 64;

    /// <summary>A stable hash of (workspace, deployment, key): never the run-time's own hash, which changes with every start.</summary>
    public static int Of(string workspace, Guid deployment, string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}\n{deployment:N}\n{key}"), hash);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % Count);
    }
}
