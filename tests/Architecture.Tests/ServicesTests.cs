using System.Reflection;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Architecture.Tests;

public sealed class ServicesTests
{
    private static readonly string[] Shared = ["WpAsis.Contracts", "WpAsis.Privacy", "WpAsis.ServiceDefaults", "WpAsis.Web"];

    [Fact]
    public void No_service_references_another()
    {
        foreach (var (name, assembly) in Repository.Services)
        {
            var foreign = assembly
                .GetReferencedAssemblies()
                .Select(reference => reference.Name!)
                .Where(reference =>
                    reference.StartsWith("WpAsis.", StringComparison.Ordinal) && !Shared.Contains(reference, StringComparer.Ordinal)
                );
            foreign.ShouldBeEmpty($"{name} may reference only what is shared");
        }
    }

    [Fact]
    public void Nothing_in_a_service_is_public_but_what_razor_makes_so()
    {
        foreach (var (name, assembly) in Repository.Services)
        {
            var open = assembly
                .GetExportedTypes()
                .Where(type => type.Name != "Program" && !IsGenerated(type))
                .Select(type => type.FullName);
            open.ShouldBeEmpty($"{name} offers its API over HTTP and the bus, not by types");
        }
    }

    [Fact]
    public void Classes_of_a_service_are_sealed_unless_something_derives_from_them()
    {
        foreach (var (name, assembly) in Repository.Services)
        {
            var types = assembly.GetTypes().Where(type => type.IsClass && !IsGenerated(type)).ToList();
            var bases = types.Select(type => type.BaseType).OfType<Type>().Select(Definition).ToHashSet();
            var open = types
                .Where(type => !type.IsSealed && !type.IsAbstract && !bases.Contains(Definition(type)))
                .Select(type => type.FullName);
            open.ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void An_interface_has_more_than_one_implementer_or_stands_at_a_border()
    {
        var lonely = new List<string>();
        foreach (var assembly in Repository.Services.Values)
        {
            var types = assembly.GetTypes();
            lonely.AddRange(
                types
                    .Where(type => type.IsInterface && !IsGenerated(type))
                    .Where(type => types.Count(other => other.IsClass && type.IsAssignableFrom(other)) < 2)
                    .Select(type => type.FullName!)
            );
        }
        lonely.ShouldBeEmpty();
    }

    [Fact]
    public void Every_service_with_a_database_purges_what_has_expired()
    {
        foreach (var (name, assembly) in Repository.Services)
        {
            if (!assembly.GetTypes().Any(IsDbContext))
                continue;
            Repository.Sources.ShouldContain(
                file => file.Path == $"services/{name}/Retention/PurgeExpired.cs",
                $"{name} keeps data, so it must purge"
            );
        }
    }

    [Fact]
    public void Every_service_that_holds_persons_answers_the_events_about_them()
    {
        foreach (var (name, assembly) in Repository.Services)
        {
            if (name == "DataSubjectRequest" || !assembly.GetTypes().Any(IsDbContext))
                continue;
            foreach (var file in (string[])["ExportSubject", "RectifySubject", "EraseSubject"])
                Repository.Sources.ShouldContain(source => source.Path == $"services/{name}/DataSubjects/{file}.cs", name);
            var consumed = assembly
                .GetTypes()
                .SelectMany(type => type.GetInterfaces())
                .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(MassTransit.IConsumer<>))
                .Select(face => face.GetGenericArguments()[0]);
            consumed.ShouldContain(typeof(Contracts.DataSubjectRequest.ErasureRequested), name);
            consumed.ShouldContain(typeof(Contracts.DataSubjectRequest.RectificationRequested), name);
        }
    }

    [Fact]
    public void An_operator_can_run_every_purge()
    {
        var left = Repository
            .Services.Values.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Sweeper)) && type.Namespace!.EndsWith(".Retention", StringComparison.Ordinal))
            .Where(type => type.GetProperty(nameof(Sweeper.Purges))!.DeclaringType == typeof(Sweeper))
            .Select(type => type.FullName);
        left.ShouldBeEmpty("a sweeper of Retention says Purges => true");
    }

    private static bool IsDbContext(Type type) => type.BaseType?.Name == "ServiceDbContext";

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsGenerated(Type type) =>
        type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is not null
        || type.Name.Contains('<', StringComparison.Ordinal)
        || type.FullName!.Contains("AspNetCoreGenerated", StringComparison.Ordinal)
        || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
        || type.Namespace?.StartsWith("Microsoft", StringComparison.Ordinal) == true
        || type.Namespace?.Contains(".Migrations", StringComparison.Ordinal) == true
        || type.Name == "Program"
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
