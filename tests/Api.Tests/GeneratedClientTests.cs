using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace WorkflowEngine.Api.Tests;

/// <summary>Clients that tools make from the API's own description compile, and the one of C# speaks with the server.</summary>
public sealed class GeneratedClientTests
{
    private static string Folder => Path.Combine(Repository(), "tests", "Api.Tests", "Clients");

    [Fact]
    public async Task A_generated_client_of_csharp_compiles_and_reads_the_deployments_of_a_real_server()
    {
        await using var world = await ApiWorld.StartAsync();
        var document = await OpenApiDocument.FromJsonAsync(await world.Client.GetStringAsync(new Uri("/openapi/v1-openapi30.json", UriKind.Relative)));
        var settings = new CSharpClientGeneratorSettings { ClassName = "FlowClient", CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson, GenerateNullableReferenceTypes = true } };
        var code = new CSharpClientGenerator(document, settings).GenerateFile();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(p) is "netstandard.dll" or "mscorlib.dll")
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "Generated", [CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest))], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var built = compilation.Emit(image);
        Assert.True(built.Success, string.Join("\n", built.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)));

        // Every endpoint of the table is a method of the client.
        var type = new AssemblyLoadContext("generated", isCollectible: true).LoadFromStream(new MemoryStream(image.ToArray())).GetType("Generated.FlowClient")!;
        var methods = type.GetMethods().Select(m => m.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Empty(EndpointTable.All.Where(e => !methods.Contains(e.Name + "Async")).Select(e => e.Name));

        var client = type.GetConstructors().Single().Invoke(type.GetConstructors().Single().GetParameters().Select(p => p.ParameterType == typeof(HttpClient) ? world.Client : (object)world.Address.GetLeftPart(UriPartial.Authority)).ToArray());
        type.GetProperty("BaseUrl")?.SetValue(client, world.Address.GetLeftPart(UriPartial.Authority) + "/");
        var task = (Task)type.GetMethod("ListDeploymentsAsync", Type.EmptyTypes)!.Invoke(client, null)!;
        await task;
        var answer = task.GetType().GetProperty("Result")!.GetValue(task)!;
        var data = ((System.Collections.IEnumerable)answer.GetType().GetProperty("Data")!.GetValue(answer)!).Cast<object>().Single();
        Assert.Equal("orders", data.GetType().GetProperty("Name", BindingFlags.Public | BindingFlags.Instance)!.GetValue(data));
    }

    [Fact]
    public async Task Generated_types_of_typescript_compile_and_know_paths_bodies_and_answers()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), "The tools are not installed: npm ci in tests/Api.Tests/Clients.");
        await using var world = await ApiWorld.StartAsync();
        var work = Directory.CreateTempSubdirectory("flow-clients-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(work, "v1.json"), await world.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
            File.Copy(Path.Combine(Folder, "use.ts"), Path.Combine(work, "use.ts"));
            await RunAsync(work, Path.Combine(Folder, "node_modules", "openapi-typescript", "bin", "cli.js"), "v1.json", "-o", "generated.ts");
            await RunAsync(work, Path.Combine(Folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "use.ts");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("node", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await output + await errors);
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run inside the repository.");
    }
}
