System.Console.WriteLine("flow");
