namespace WorkflowEngine.Expressions.Execution;

/// <summary>From places in the written script back to places in the author's expressions.</summary>
internal sealed class SourceMap
{
    private List<(int Script, int Expression, int Offset)> places = [];
    private readonly List<(int Expression, int Offset)> sites = [];

    /// <summary>From each column of the script on it stands for that place; in the order of the columns.</summary>
    public void Place(List<(int Script, int Expression, int Offset)> marks) => places = marks;

    /// <summary>A number that a charged function is called with, so that its error knows where it stands.</summary>
    public int Site(int expression, int offset)
    {
        sites.Add((expression, offset));
        return sites.Count - 1;
    }

    public (int Expression, int Offset) OfSite(int site) => site >= 0 && site < sites.Count ? sites[site] : (-1, -1);

    public (int Expression, int Offset) OfScript(int column)
    {
        var (low, high) = (0, places.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = places[middle].Script <= column ? (middle, high) : (low, middle - 1);
        }

        return places.Count > 0 && places[low].Script <= column ? (places[low].Expression, places[low].Offset) : (-1, -1);
    }
}
