using System.Text.RegularExpressions;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/settings/v2/tenant/{tenant}/tag-types</c>: no read by id and no <c>ids</c> filter exist.</summary>
internal sealed partial class TagTypeEndpoints(TenantState state, CallStatistics statistics)
{
    public Answer List(SimulatorRequest request)
    {
        request.Kind = "tagTypes.list";
        var query = new ListQuery(request);
        var active = query.Active();
        var rows = query.ByDates(state.TagTypes.Visible(state.Now).Where(t => active is null || t.Active == active));
        return query.Envelope(query.Sorted(rows).ToList(), RowJson.Tag);
    }

    public Answer Create(SimulatorRequest request)
    {
        request.Kind = "tagTypes.create";
        var body = BodyReader.Of(request);
        var (name, color) = (body.Text("name", true), body.Text("color", true));
        var change = ReadChange(body);
        body.ThrowIfFaulty();
        var tag = new TagType { Id = state.NextId(), Name = name!, Color = color!, CreatedOn = state.Now, ModifiedOn = state.Now };
        change(tag);
        state.TagTypes.Add(tag, state.Now, TimeSpan.Zero);
        statistics.CountRow("tagTypes.created");
        request.Rows = 1;
        return Modified(tag);
    }

    public Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "tagTypes.update";
        var tag = CustomerEndpoints.ParseId(id) is { } key && state.TagTypes.Find(key) is { } found ? found : throw ServiceTitanErrors.NotFound("Tag type");
        var body = BodyReader.Of(request);
        var (name, color, change) = (body.Text("name"), body.Text("color"), ReadChange(body));
        body.ThrowIfFaulty();
        (tag.Name, tag.Color) = (name ?? tag.Name, color ?? tag.Color);
        change(tag);
        state.Touch(tag);
        request.Rows = 1;
        return Modified(tag);
    }

    /// <summary>Writes answer with the id alone.</summary>
    private static Answer Modified(TagType tag) => Answer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", tag.Id);
        w.WriteEndObject();
    });

    private static Action<TagType> ReadChange(BodyReader body)
    {
        if (body.Text("color") is { } color && !Color().IsMatch(color))
        {
            body.Fault("color", "The color must be given as #RRGGBB.");
        }

        var (code, importance) = (body.Text("code"), body.OneOf("importance", false, "Medium", "High"));
        if (code?.Length > 20)
        {
            body.Fault("code", "The code cannot be longer than 20 characters.");
        }

        var (opportunity, timesheet) = (body.Flag("isConversionOpportunity"), body.Flag("allowToUseOnTimesheetActivity"));
        var visible = body.Flag("isVisibleOnDispatchBoard");
        return t =>
        {
            t.Code = code ?? t.Code;
            t.Importance = importance ?? t.Importance;
            t.IsConversionOpportunity = opportunity ?? t.IsConversionOpportunity;
            t.AllowToUseOnTimesheetActivity = timesheet ?? t.AllowToUseOnTimesheetActivity;
            t.IsVisibleOnDispatchBoard = visible ?? t.IsVisibleOnDispatchBoard;
        };
    }

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex Color();
}
