using System.Text.Json;
using System.Text.Json.Serialization;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>Key states as bytes, before they are encrypted.</summary>
internal static class KeyStateText
{
    public static byte[] Write(KeyState state) => JsonSerializer.SerializeToUtf8Bytes(state, KeyStateJson.Default.KeyState);

    public static KeyState Read(byte[] text) => JsonSerializer.Deserialize(text, KeyStateJson.Default.KeyState)!;
}

[JsonSerializable(typeof(KeyState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class KeyStateJson : JsonSerializerContext;
