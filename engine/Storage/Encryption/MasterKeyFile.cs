using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Storage;

/// <summary>The master key as a file that only its owner reads, beside the database.</summary>
public static class MasterKeyFile
{
    public const int KeyLength = 32;

    /// <summary>Reads the key; makes a random one when the file is absent. Throws <see cref="StorageProblemException"/> when it is no key or others may read it.</summary>
    public static byte[] LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path)) Create(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            {
                throw new StorageProblemException(StorageProblemKind.MasterKey, $"The master key file '{path}' can be read by others; set its mode to 0600.");
            }

            var key = new byte[KeyLength];
            var text = File.ReadAllText(path).Trim();
            if (!Convert.TryFromBase64String(text, key, out var length) || length != KeyLength)
            {
                throw new StorageProblemException(StorageProblemKind.MasterKey, $"The master key file '{path}' does not hold 32 bytes in base64; put the right file there.");
            }

            return key;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StorageProblemException(StorageProblemKind.MasterKey, $"The master key file '{path}' cannot be read or made; check the folder and its permissions.", problem);
        }
    }

    private static void Create(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null) Directory.CreateDirectory(folder);

        // Written whole under another name and then moved: a crash leaves no half key, and of two processes one wins.
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength))));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
