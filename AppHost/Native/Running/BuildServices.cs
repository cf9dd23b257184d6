using System.Text.Json;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Running;

/// <summary>Builds what runs, in one go: by a filter of the solution, so that tests are not built with it.</summary>
internal static class BuildServices
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task RunAsync(NativeOptions options, CancellationToken stop)
    {
        var projects = Topology.Services.Select(service => $"services\\{service.Project}\\{service.Project}.csproj").ToList();
        projects.Add("services\\shared\\Setup\\Setup.csproj");
        if (options.HasSandbox)
            projects.Add("tests\\Sandbox\\Sandbox.csproj");
        var filter = Path.Combine(options.Folder, "services.slnf");
        var solution = new { path = Path.GetRelativePath(options.Folder, Path.Combine(options.Root, "WpAsis.sln")), projects };
        await File.WriteAllTextAsync(filter, JsonSerializer.Serialize(new { solution }, Indented), stop);

        // A build node that stays behind would keep our pipe open and look like something we forgot to stop. Analyzers are for those who
        // change the code, not for those who run it: without them the first start takes half the time.
        string[] quiet = ["--nologo", "-v", "q", "-clp:ErrorsOnly", "-nodeReuse:false", "-p:RunAnalyzers=false"];
        string[] arguments = ["build", filter, "-c", NativeOptions.Configuration, .. quiet];
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var result = await ShortProcess.RunAsync(host, arguments, Limit, stop, folder: options.Root);
        if (result.ExitCode != 0)
            throw new NativeFailedException($"The build failed:\n{result.Tail(30)}");
    }
}
