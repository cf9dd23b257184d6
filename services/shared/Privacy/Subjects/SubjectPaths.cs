using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Privacy.Subjects;

/// <summary>
/// How each table leads to a person. Ids are typed, so the model itself says it: a column of type <c>ThreadId</c> leads to the table
/// whose key a <c>ThreadId</c> is, and from there on.
/// </summary>
internal sealed class SubjectPaths
{
    private readonly Dictionary<IEntityType, Path> paths = [];

    public SubjectPaths(IModel model)
    {
        var candidates = Candidates(model).ToList();
        foreach (var entity in candidates)
        {
            if (entity.GetProperties().FirstOrDefault(property => Bare(property) == typeof(DataSubjectId)) is { } subject)
                paths[entity] = new Path(subject, []);
        }
        while (Reach(candidates)) { }
        // A path that an index serves is taken instead of a scan, where it can't miss a row.
        foreach (var entity in candidates.Where(paths.ContainsKey))
        {
            if (!IsIndexed(paths[entity].Property) && Ways(entity).FirstOrDefault(IsSureAndIndexed) is { } better)
                paths[entity] = better;
        }
    }

    /// <summary>Entities of ours that do not say that they concern nobody.</summary>
    public static IEnumerable<IEntityType> Candidates(IModel model) =>
        model
            .GetEntityTypes()
            .Where(entity =>
                entity.GetTableName() is not null
                && entity.GetSchema() is null
                && entity.ClrType.Namespace?.StartsWith("WpAsis.", StringComparison.Ordinal) == true
                && entity.ClrType.GetCustomAttribute<NotPersonalAttribute>() is null
            )
            .OrderBy(entity => entity.GetTableName(), StringComparer.Ordinal);

    public static string TableOf(IEntityType entity) => entity.GetTableName()!;

    public static bool LeadsToAPerson(IProperty property) =>
        Bare(property) is { } type && (type == typeof(DataSubjectId) || type == typeof(ThreadId) || type == typeof(AccountId));

    /// <summary>Dependents before what they depend on.</summary>
    public IEnumerable<IEntityType> InOrder()
    {
        var left = paths.Keys.OrderBy(TableOf, StringComparer.Ordinal).ToList();
        while (left.Count > 0)
        {
            var free = left.FindAll(entity => !left.Exists(other => paths[other].Through.Contains(entity)));
            if (free.Count == 0)
                throw new InvalidOperationException("Tables lead to a person in a circle.");
            foreach (var entity in free)
                yield return entity;
            left.RemoveAll(free.Contains);
        }
    }

    public string ConditionOf(IEntityType entity)
    {
        var path = paths[entity];
        var column = path.Property.GetColumnName();
        return path.Through.Count == 0
            ? $"{column} = $1"
            : string.Join(
                " or ",
                path.Through.Select(owner =>
                    $"{column} in (select {KeyOf(owner)!.GetColumnName()} from {TableOf(owner)} where {ConditionOf(owner)})"
                )
            );
    }

    private bool Reach(List<IEntityType> candidates)
    {
        var found = candidates
            .Where(entity => !paths.ContainsKey(entity))
            .Select(entity => (entity, Way: Ways(entity).FirstOrDefault()))
            .Where(one => one.Way is not null)
            .ToList();
        foreach (var (entity, way) in found)
            paths[entity] = way!;
        return found.Count > 0;
    }

    private IEnumerable<Path> Ways(IEntityType entity) =>
        from property in entity.GetProperties()
        let owners = paths
            .Keys.Where(owner => owner != entity && KeyOf(owner) is { } key && Bare(key) == Bare(property) && !DependsOn(owner, entity))
            .OrderBy(TableOf, StringComparer.Ordinal)
            .ToList()
        where owners.Count > 0 && Bare(property) != typeof(TenantId)
        select new Path(property, owners);

    private bool DependsOn(IEntityType entity, IEntityType other) =>
        paths[entity].Through.Any(owner => owner == other || DependsOn(owner, other));

    private static bool IsSureAndIndexed(Path path) => !path.Property.IsNullable && IsIndexed(path.Property);

    private static bool IsIndexed(IProperty property) =>
        property.DeclaringType is IEntityType entity
        && (
            entity.FindPrimaryKey()?.Properties[0] == property
            || entity.GetIndexes().Any(index => index.Properties[0] == property && index.GetFilter() is null)
        );

    // The id that a table gives out: its whole key, or the one called Id in a key that also holds the day.
    private static IProperty? KeyOf(IEntityType entity)
    {
        var key = entity.FindPrimaryKey()?.Properties;
        var own = key is [var only] ? only : key?.FirstOrDefault(property => property.Name == "Id");
        return own is not null && IsTypedId(Bare(own)) ? own : null;
    }

    private static bool IsTypedId(Type type) =>
        type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ITypedId<>));

    private static Type Bare(IProperty property) => Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;

    private sealed record Path(IProperty Property, IReadOnlyList<IEntityType> Through);
}
